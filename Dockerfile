# The last stage is production; --target demo has the simulators as well. REDIS_URL must name a Redis: there is none in here.
# Docker builds only the stages that the wanted one needs.
FROM node:24-slim AS base

LABEL org.opencontainers.image.title="reliable-callback" \
      org.opencontainers.image.description="A worker that handles every event a video cloud reports, and confirms it only then" \
      org.opencontainers.image.licenses="MIT"

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000

# A new volume for ARCHIVE_DIR takes over the owner of the folder it is mounted on.
RUN install -d -o node -g node /archive

WORKDIR /app

# The mode is set because a checkout under a strict umask is unreadable for others. The owner stays root: what runs here
# cannot change its own code.
COPY --chmod=644 package.json package-lock.json LICENSE ./

# The optional packages bring a Node, which the image has.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

# The user node, by number: Kubernetes' runAsNonRoot cannot look names up.
USER 1000:1000

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

CMD ["node", "src/cli/index.ts"]

# A stage of its own, since a file that is removed later would stay in the layer below.
FROM base AS production-code
USER root
COPY --chmod=755 src src
RUN rm -r src/simulators

FROM base AS demo
COPY --chmod=755 src src
COPY --chmod=755 handlers handlers

FROM base AS production
COPY --from=production-code /app/src src
COPY --chmod=755 handlers handlers
