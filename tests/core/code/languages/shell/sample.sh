#!/bin/sh
LIMIT=3

# Says hello.
hello() {
  if [ -n "$1" ]; then
    echo "hello $1"
  fi
}

function main { hello you; }
main
