package io.respawn.config;

import org.eclipse.microprofile.config.spi.Converter;

/**
 * Hands a value on as it stands, the empty one too. The stock converter takes an empty text for an absent one, but an
 * argument or an environment variable may well be empty.
 */
public final class Verbatim implements Converter<String> {

    private static final long serialVersionUID = 1L;

    @Override
    public String convert(String value) {
        return value;
    }
}
