# One image for every process: the API (with the console), the worker, the command line.

FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Installing a clone builds it; here its sources come after its libraries, so that a layer keeps them.
RUN npm pkg delete scripts.prepare && npm ci
COPY . .
RUN npm run build

FROM node:20-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm pkg delete scripts.prepare && npm ci --omit=dev && npm cache clean --force

FROM node:20-slim
ENV NODE_ENV=production \
    OPENCHARGEBACK_DATA_DIR=/data
WORKDIR /app
# Files are written to /data only; the program itself belongs to root and stays as it was built.
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
RUN ln -s /app/dist/programs/openchargeback.js /usr/local/bin/openchargeback && chmod +x dist/programs/openchargeback.js
USER node
VOLUME /data
EXPOSE 8000
# Node is process 1: it gets SIGTERM itself and ends its work in order.
CMD ["node", "--max-semi-space-size=32", "dist/programs/api.js"]
