# The gateway (docker run IMAGE), its commands (docker run IMAGE config check, docker run IMAGE --version), and from the
# same image the provider simulators (docker run IMAGE simulators).
# Needs no BuildKit.

FROM node:26-bookworm-slim AS dependencies
# The name of the folder is that of the application in the SBOM.
WORKDIR /contact-gateway
COPY package.json package-lock.json ./
COPY scripts/sbom.js ./scripts/
# The `node` package is a dev dependency (for machines with an older Node): here the image's own Node runs.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier && npm run --silent sbom > sbom.cdx.json

# What is started: a bundle of the sources, and of the packages but a few.
FROM node:26-bookworm-slim AS bundle
WORKDIR /contact-gateway
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier
COPY scripts/build.ts ./scripts/
COPY src ./src
RUN node scripts/build.ts

FROM node:26-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data

WORKDIR /app
# Owned by root: the process can read its code and not change it. /data is the one place that it writes to.
COPY --from=dependencies /contact-gateway/node_modules ./node_modules
# What is in the image, as CycloneDX (SECURITY.md).
COPY --from=dependencies /contact-gateway/sbom.cdx.json ./
COPY package.json LICENSE ./
# Files that are read while it runs, by their places among the sources.
COPY src ./src
COPY --from=bundle /contact-gateway/dist ./dist
COPY docker/entrypoint.sh docker/healthcheck.js ./docker/
# On the PATH, for: docker exec CONTAINER contact-gateway config check
RUN ln -s /app/dist/contact-gateway.js /usr/local/bin/contact-gateway && chmod 755 dist/contact-gateway.js docker/entrypoint.sh
RUN install --directory --owner=node --group=node --mode=700 /data && install --directory --owner=node --group=node node_modules/.cache

# Started once with each store, so that what Node compiles is in the image. The cache is for this user; nobody may change it.
USER node
RUN for store in '' redis://127.0.0.1:1; do \
      NODE_ENV=development LOG_LEVEL=fatal PORT=0 DATA_DIR=/tmp/data DRAIN_DELAY_MS=0 REDIS_URL=$store \
      timeout --preserve-status --signal=TERM 5 node dist/start.js || exit 1; \
    done; rm -r /tmp/data
USER root
RUN chown -R root:root node_modules/.cache && chmod -R a+rX node_modules/.cache
VOLUME /data

USER node
EXPOSE 8080
# Is the process alive? Whether it should get requests is /readyz, for the load balancer.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "/app/docker/healthcheck.js"]
# The size of the heap follows the container's memory limit.
ENTRYPOINT ["/app/docker/entrypoint.sh"]
CMD ["start"]

# Given by who builds: --build-arg REVISION=$(git rev-parse HEAD), and to publish --build-arg VERSION=1.2.3. At the end: what
# stands above is the same for each revision, and so comes from the cache.
ARG VERSION=local
ARG REVISION=unknown
ENV GATEWAY_REVISION=${REVISION}
LABEL org.opencontainers.image.title="contact-gateway" \
      org.opencontainers.image.description="One API that adds contacts to the lists of several messaging providers" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
