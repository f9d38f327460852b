require "json"

# Keeps users.
module App
  LIMIT = 3

  class User < Base
    # Makes one fresh.
    def refresh(force = false)
      return if force && stale?
      store.put(Token.new(self))
    end

    def self.find(id)
      id
    end
  end
end

def helper = 1
