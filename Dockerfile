# Tandem with PostgreSQL and Redis inside: docker run -p 3000:3000 -v tandem:/data tandem
# tests/image runs these instructions, one by one, in a bare tree of Debian.

FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv
WORKDIR /tandem
COPY . .
RUN container/build

FROM debian:bookworm-slim
RUN mkdir -p /etc/postgresql-common && \
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf && \
    apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates postgresql procps python3 redis-server && \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
RUN useradd --system --uid 1000 --home-dir /data --shell /usr/sbin/nologin tandem && \
    install -d -o tandem -g tandem -m 700 /data /run/tandem && \
    ln -s /tandem/container/tandem /usr/local/bin/tandem
COPY --from=build /tandem /tandem
ENV LANG=C.UTF-8 PYTHONUNBUFFERED=1 DATA_DIR=/data
WORKDIR /data
USER tandem
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s CMD ["/tandem/container/healthy"]
ENTRYPOINT ["/tandem/container/entry"]
