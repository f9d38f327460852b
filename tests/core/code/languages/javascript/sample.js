import { a } from "./a.js";

/**
 * Adds two numbers.
 */
export function add(x, y = 1) {
  return x > 0 && y > 0 ? x + y : twice(x);
}

const LIMIT = 10;
const arrow = async (x) => { await fetch(x); };

class Session extends Base {
  #token = 1;
  // Makes it fresh.
  refresh(force) {
    if (force) this.store.put(new Token());
  }
  static make = () => new Session();
}

proto.send = function (body) { return body; };
export const api = {
  get(url) { return add(url); },
  post: function (url) {},
};

export default function () { return LIMIT; }
