# syntax=docker/dockerfile:1
# The command alone: its bundle needs no packages.
#   docker build -t domo-roles .
#   docker run --rm -e DOMO_INSTANCE -e DOMO_ACCESS_TOKEN -v "$PWD:/work" domo-roles plan
FROM node:22-alpine AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY scripts scripts
COPY schemas schemas
COPY src src
RUN node scripts/generate.mjs && node scripts/build.mjs --bundle

FROM node:22-alpine
# Nothing is installed at run time, so nothing that installs is kept.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-* \
  && mkdir /work && chown node:node /work
COPY --from=build /build/package.json /opt/domo-roles/
COPY --from=build /build/dist/bin /opt/domo-roles/dist/bin
RUN ln -s /opt/domo-roles/dist/bin/domo-roles.js /usr/local/bin/domo-roles
ENV NODE_ENV=production
USER node
WORKDIR /work
ENTRYPOINT ["domo-roles"]
CMD ["--help"]
