import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** A slow starter: it answers at once, but says "ready" only after its warm-up. */
final class Slow {

    private final Instant readyAt;

    private Slow(Duration warmUp) {
        readyAt = Instant.now().plus(warmUp);
    }

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "9101"));
        Duration warmUp = Duration.parse(System.getenv().getOrDefault("WARM_UP", "PT5S"));
        Slow slow = new Slow(warmUp);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", slow::answer);
        server.start();
        System.out.println("listening on 127.0.0.1:" + port + ", ready in " + warmUp.toSeconds() + " s");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Duration left = Duration.between(Instant.now(), readyAt);
            boolean ready = !left.isPositive();
            String text = ready ? "ready\n" : "warming up, " + left.toMillis() + " ms left\n";
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(ready ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
