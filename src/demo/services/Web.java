import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A web server that shows its own life: who it is, which incarnation, ordered by whom, since when. */
final class Web {

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1d2733; --soft: #64748b; --paper: #f4f6f9; --card: #fff;
                    --line: #e3e8ef; --accent: #0f766e }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6ebf2; --soft: #94a3b8; --paper: #0f151d; --card: #18212c; --line: #293544;
                      --accent: #2dd4bf } }
            body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper);
                   color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
            main { width: min(34rem, 92vw); background: var(--card); border: 1px solid var(--line);
                   border-radius: 16px; padding: 2rem; box-shadow: 0 12px 40px #0002 }
            h1 { margin: 0; font-size: 1.4rem } h1::before { content: "●"; color: var(--accent); margin-right: .5rem }
            p { color: var(--soft) } .big { font-size: 4.5rem; line-height: 1; font-weight: 700; color: var(--accent) }
            dl { display: grid; grid-template-columns: 8rem 1fr; gap: .4rem 1rem; margin: 1.5rem 0 }
            dt { color: var(--soft) } dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere }
            pre { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: .8rem 1rem;
                  overflow-x: auto; font-size: .85rem }
            """;

    // Asks the server again every second and says so when nobody is there, as during a restart.
    private static final String SCRIPT = """
            const note = document.querySelector('h1'), name = note.textContent;
            setInterval(async () => {
              try {
                const page = await (await fetch('/', { cache: 'no-store' })).text();
                const fresh = new DOMParser().parseFromString(page, 'text/html');
                document.querySelector('#life').replaceWith(fresh.querySelector('#life'));
                note.textContent = name;
              } catch (gone) { note.textContent = name + ' is away, back in a moment'; }
            }, 1000);
            """;

    private final Instant started = Instant.now();
    private final Map<String, String> environment = System.getenv();

    private Web() {}

    public static void main(String[] arguments) throws IOException {
        Web web = new Web();
        int port = Integer.parseInt(web.variable("PORT", "9100"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/ready", exchange -> send(exchange, "text/plain", "ready\n"));
        server.createContext("/", exchange -> send(exchange, "text/html", web.page()));
        server.start();
        System.out.println("listening on http://127.0.0.1:" + port);
    }

    private String page() {
        String service = variable("RESPAWN_SERVICE", "web");
        return """
                <!doctype html><html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
                <meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>%2$s</style>
                </head><body><main><h1>%1$s</h1>
                <div id="life"><p>incarnation</p><div class="big">%3$s</div>
                <dl><dt>sidecar</dt><dd>%4$s</dd><dt>pid</dt><dd>%5$s</dd><dt>ordered by</dt><dd>%6$s</dd>
                <dt>started</dt><dd>%7$s</dd><dt>up for</dt><dd>%8$s</dd></dl></div>
                <p>Give it a new life. Kill it, or order a restart; the number above rises either way.</p>
                <pre>kill -9 %5$s
                target/respawn/bin/respawn restart %1$s --wait</pre>
                </main><script>%9$s</script></body></html>
                """.formatted(
                        escaped(service),
                        STYLE,
                        escaped(variable("RESPAWN_INCARNATION", "?")),
                        escaped(variable("RESPAWN_ID", "none")),
                        ProcessHandle.current().pid(),
                        escaped(variable("RESPAWN_INTENT", "the plan")),
                        started,
                        upFor(),
                        SCRIPT);
    }

    private String upFor() {
        Duration up = Duration.between(started, Instant.now());
        return "%d h %02d min %02d s".formatted(up.toHours(), up.toMinutesPart(), up.toSecondsPart());
    }

    private String variable(String name, String otherwise) {
        return environment.getOrDefault(name, otherwise);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void send(HttpExchange exchange, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
