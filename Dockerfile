# The shop in one small image, and a second one that makes its backups. docs/containers.md tells how both are used.
#
#     docker build --target shop .                              builds everything from the sources
#     docker build --target shop --build-arg PROGRAM=archive .  in an unpacked release archive: takes its program
ARG PROGRAM=source

# ---- From the sources -----------------------------------------------------------------------------------------------
# Debian 12 and not the newest: a program runs on newer systems than it was built on.

FROM debian:bookworm-slim AS tools
WORKDIR /src
COPY scripts/setup.sh scripts/env.sh scripts/versions.env scripts/
COPY style/package.json style/package-lock.json style/.npmrc style/
RUN scripts/setup.sh image

# Only what the crates need of each other, so that the next layers stay when nothing but code changes.
FROM tools AS recipe
COPY . .
RUN . scripts/env.sh && cargo chef prepare --recipe-path /recipe.json

FROM tools AS source
COPY --from=recipe /recipe.json /recipe.json
# The folders, profiles and features are those of scripts/build.sh and of cargo-leptos.
RUN . scripts/env.sh && cargo chef cook --recipe-path /recipe.json --release --package server
RUN . scripts/env.sh && cargo chef cook --recipe-path /recipe.json --profile wasm-release --package frontend \
    --no-default-features --target wasm32-unknown-unknown --target-dir "$CARGO_TARGET_DIR/front"
COPY . .
# The set-up once more, now that the lock file is there: it checks that tools and crates fit together.
RUN scripts/setup.sh build && scripts/dist.sh --program /program

# ---- From a release archive -----------------------------------------------------------------------------------------

FROM scratch AS archive
COPY xl-package-manager hash.txt VERSION /program/
COPY site /program/site

# ---- The images -----------------------------------------------------------------------------------------------------

# hadolint ignore=DL3006
FROM ${PROGRAM} AS program

FROM debian:bookworm-slim AS certificates
# For calls to the gateways; only the bundle is taken.
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*

FROM debian:trixie-slim AS shop
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# 10001 is nobody's number on a usual host.
RUN groupadd --system --gid 10001 xl \
    && useradd --system --uid 10001 --gid xl --no-create-home --home-dir /data --shell /usr/sbin/nologin xl \
    && install -d -o xl -g xl -m 0700 /data \
    && ln -s /opt/xl-package-manager/xl-package-manager /usr/local/bin/
COPY --from=program /program /opt/xl-package-manager
USER 10001:10001
WORKDIR /data
# Inside a container loopback would reach nobody; what is published outside is for `docker run -p` to say.
ENV LISTEN_ADDR=0.0.0.0:3000 DATA_DIR=/data
VOLUME /data
EXPOSE 3000
# By the binary itself, so that the image needs no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["xl-package-manager", "healthcheck"]
ENTRYPOINT ["xl-package-manager"]
CMD ["serve"]

# PostgreSQL's own image has the pg_dump that fits its server, and is on the host already.
FROM postgres:17-trixie AS backup
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends ca-certificates rclone \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 -m 0700 /data /backups /keys \
    && ln -s /opt/xl-package-manager/xl-package-manager /usr/local/bin/
COPY deploy/containers/backups.sh /usr/local/bin/backups
COPY --from=program /program /opt/xl-package-manager
USER 10001:10001
WORKDIR /data
ENV DATA_DIR=/data BACKUP_DIR=/backups
VOLUME /data /backups /keys
HEALTHCHECK --interval=5m --timeout=10s --start-period=1h CMD ["backups", "check"]
ENTRYPOINT ["backups"]
CMD ["run"]
