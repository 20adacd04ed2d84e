# The gateway, and from the same image the provider simulators (command: node src/simulators/main.ts).
# Needs no BuildKit. There is no build step: Node runs the TypeScript sources as they are.

FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The `node` package is a dev dependency (for machines with an older Node): here the image's own Node runs.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier

FROM node:26-bookworm-slim
# Given by who publishes: --build-arg VERSION=1.2.3 --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=local
ARG REVISION=unknown
LABEL org.opencontainers.image.title="contact-gateway" \
      org.opencontainers.image.description="One API that adds contacts to the lists of several messaging providers" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data

WORKDIR /app
# Owned by root: the process can read its code and not change it. /data is the one place that it writes to.
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY src ./src
RUN install --directory --owner=node --group=node /data node_modules/.cache

# Started once with each store, so that what Node compiles is in the image. The cache is for this user; nobody may change it.
USER node
RUN for store in '' redis://127.0.0.1:1; do \
      NODE_ENV=development LOG_LEVEL=fatal PORT=0 DATA_DIR=/tmp/data DRAIN_DELAY_MS=0 REDIS_URL=$store \
      timeout --preserve-status --signal=TERM 5 node src/start.js || exit 1; \
    done; rm -r /tmp/data
USER root
RUN chown -R root:root node_modules/.cache && chmod -R a+rX node_modules/.cache
VOLUME /data

USER node
EXPOSE 8080
# Is the process alive? Whether it should get requests is /readyz, for the load balancer.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between, so that SIGTERM arrives. The size of the heap follows the container's memory limit.
CMD ["node", "src/start.js"]
