package io.respawn.probe;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;

/** The Vert.x instance that all probes share, and its clients, which keep no connection. */
record Clients(Vertx vertx, HttpClient http, NetClient net) {

    static final String LOOPBACK = "127.0.0.1";

    /** For connects that outlive their probe; they must still end some day. */
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    static Clients of(Vertx vertx) {
        return new Clients(
                vertx,
                vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false)),
                vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS)));
    }

    /** The smallest Vert.x that can probe: one event loop, no cache on the disk. */
    static Vertx smallVertx() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }
}
