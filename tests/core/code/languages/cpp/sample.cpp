#include <vector>

namespace app {

// Keeps things.
template <typename T>
class Store : public Base<T> {
 public:
  explicit Store(int size) : size_(size) {}
  ~Store() { clear(); }
  T& get(const Key& key) { return items_.at(key); }
  bool operator==(const Store& other) const { return true; }

 private:
  int size_;
};

struct Key { int id; };

}  // namespace app

void app::Key::rotate(bool force) {
  for (auto& item : items()) if (force) std::move(item);
}

int main() { return app::run(); }
