#!/bin/sh
# What the image runs: the gateway, a command of contact-gateway (config check, keys create, --version), or any other
# program. `exec` puts it into this shell's place, so that SIGTERM arrives at it.
app=$(dirname "$0")/..
case "${1:-start}" in
  # The flags of `npm start`, but for the size of the heap.
  start) exec node --max-semi-space-size=24 --heap-growing-percent=200 "$app/dist/start.js" ;;
  -* | accounts | audit-hash | config | explain | help | import | keys | openapi | simulators | suppress | webhooks) exec node "$app/dist/contact-gateway.js" "$@" ;;
  *) exec "$@" ;;
esac
