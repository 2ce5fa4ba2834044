package io.respawn.probe;

import io.respawn.model.Probe.TcpSocket;
import io.vertx.core.Future;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;

/** Connects and hangs up. */
record TcpAttempt(NetClient client, TcpSocket socket) implements Attempt {

    @Override
    public String target() {
        return Clients.LOOPBACK + ":" + socket.port();
    }

    @Override
    public Asked ask() {
        // A connect cannot be called back: it ends by the client's timeout, and what comes of it is hung up.
        Future<NetSocket> connected = client.connect(socket.port(), Clients.LOOPBACK);
        Future<Answer> answer = connected
                .compose(NetSocket::close)
                .map(ignored -> Answer.success(target() + " accepts connections"))
                .otherwise(failure -> Answer.failure("Cannot connect to " + target(), failure));
        return new Asked(answer, () -> {});
    }
}
