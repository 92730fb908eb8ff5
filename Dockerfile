# One stage: without a build step there is nothing to leave behind. REDIS_URL must name a Redis: there is none in here.
FROM node:24-slim

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

COPY --chmod=755 src src
COPY --chmod=755 handlers handlers

# The user node, by number: Kubernetes' runAsNonRoot cannot look names up.
USER 1000:1000

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

CMD ["node", "src/cli/index.ts"]
