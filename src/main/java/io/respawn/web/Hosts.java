package io.respawn.web;

import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The host names under which the API answers, and what counts as its own origin. */
final class Hosts {

    private final Set<String> allowed = new HashSet<>(Set.of("127.0.0.1", "localhost", "[::1]", "::1"));

    Hosts(Collection<String> configured) {
        configured.forEach(host -> allowed.add(host.strip().toLowerCase(Locale.ROOT)));
    }

    boolean allows(String host) {
        return allowed.contains(host.toLowerCase(Locale.ROOT));
    }

    static boolean isSameOrigin(String origin, String scheme, HostAndPort authority) {
        try {
            URI uri = new URI(origin);
            return scheme.equalsIgnoreCase(uri.getScheme())
                    && authority.host().equalsIgnoreCase(uri.getHost())
                    && port(scheme, authority.port()) == port(scheme, uri.getPort());
        } catch (URISyntaxException opaque) {
            return false;
        }
    }

    private static int port(String scheme, int port) {
        if (port > 0) {
            return port;
        }
        return scheme.equalsIgnoreCase("https") ? 443 : 80;
    }
}
