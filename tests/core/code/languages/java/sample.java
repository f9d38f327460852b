package app;

import java.util.List;

/** Keeps users. */
public class UserService extends Service implements Closeable {
    private static final int LIMIT = 5;

    public UserService(Store store) { this.store = store; }

    /** Finds one. */
    @Override
    public User find(String id) {
        for (User user : store.all()) {
            if (user.id().equals(id) || id == null) { return user; }
        }
        return new User(id);
    }

    interface Listener { void changed(User user); }
    enum State { ON, OFF }
}

record Point(int x, int y) { int sum() { return x + y; } }
