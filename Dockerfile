# The whole product in one small image. `docker build -t xl-package-manager .`

FROM debian:bookworm-slim AS builder
WORKDIR /src
# The tools first, in a layer that is built again only when their versions change.
COPY scripts/setup.sh scripts/env.sh scripts/versions.env scripts/
COPY style/package.json style/package-lock.json style/.npmrc style/
RUN scripts/setup.sh build
COPY . .
# The set-up once more, now that the lock file is there: it checks that tools and crates fit together.
RUN scripts/setup.sh build && scripts/dist.sh && rm -rf dist/*.tar.gz*

FROM debian:bookworm-slim
# The certificates are for the calls to the gateways.
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 xl \
    && useradd --system --uid 10001 --gid xl --no-create-home --home-dir /data --shell /usr/sbin/nologin xl \
    && install -d -o xl -g xl -m 0700 /data
COPY --from=builder /src/dist/ /opt/xl-package-manager/
USER xl
WORKDIR /data
# Inside a container loopback would reach nobody; what is published outside is for `docker run -p` to say.
ENV LISTEN_ADDR=0.0.0.0:3000 DATA_DIR=/data
VOLUME /data
EXPOSE 3000
# By the binary itself, so that the image needs no curl.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["/opt/xl-package-manager/xl-package-manager", "healthcheck"]
ENTRYPOINT ["/opt/xl-package-manager/xl-package-manager"]
CMD ["serve"]
