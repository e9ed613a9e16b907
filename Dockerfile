# syntax=docker/dockerfile:1
# Build: the same `make build` as on a developer's machine.
FROM maven:3.9-eclipse-temurin-25 AS build
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends make \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 make build

# Run: glibc, because Netty's QUIC library does not load on musl.
FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /opt/gatesvr --shell /usr/sbin/nologin gatesvr \
  && mkdir -p /opt/gatesvr/certs /var/log/gatesvr \
  && chown gatesvr:gatesvr /var/log/gatesvr \
  && chmod 1777 /var/log/gatesvr
COPY --from=build /src/build/ /opt/gatesvr/bin/
WORKDIR /opt/gatesvr
USER 10001
ENV GATESVR_JAVA_OPTS="-XX:MaxRAMPercentage=75 -Dgatesvr.log.file=/var/log/gatesvr/gatesvr.log"
EXPOSE 8453/udp 8080/tcp 8092/tcp 9090/tcp
VOLUME /opt/gatesvr/certs
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 \
  CMD ["/opt/gatesvr/bin/client", "-health-check", "-server", "127.0.0.1:8453", "-skip-tls-verify"]
ENTRYPOINT ["/opt/gatesvr/bin/gatesvr"]
