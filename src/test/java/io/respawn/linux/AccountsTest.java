package io.respawn.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {

    @TempDir
    Path directory;

    private Accounts accounts() throws IOException {
        return new Accounts(
                Files.writeString(
                        directory.resolve("passwd"),
                        "# comment\nroot:x:0:0::/root:/bin/sh\nweb:x:1001:1002:Web:/srv:/bin/false\n12:x:77:78::/:\nbad:x:y:z\n"),
                Files.writeString(
                        directory.resolve("group"),
                        "root:x:0:\nweb:x:1002:\nadm:x:4:root,web\nlog:x:5:web\nother:x:6:webmaster\n"));
    }

    @Test
    void findsUsersByNameAndNumber() throws IOException {
        Accounts accounts = accounts();
        var web = new Accounts.User(Optional.of("web"), 1001, OptionalInt.of(1002));

        assertThat(accounts.user("web")).contains(web);
        assertThat(accounts.user("1001")).contains(web);
        assertThat(accounts.user("4711")).contains(new Accounts.User(Optional.empty(), 4711, OptionalInt.empty()));
        assertThat(accounts.user("4294967294").map(Accounts.User::uid)).contains(-2);
        assertThat(accounts.user("4294967295")).isEmpty();
        assertThat(accounts.user("12").map(Accounts.User::uid)).contains(12);
        assertThat(accounts.user("nobody-there")).isEmpty();
        assertThat(accounts.user("bad")).isEmpty();
    }

    @Test
    void findsGroupsAndWhoIsInThem() throws IOException {
        Accounts accounts = accounts();

        assertThat(accounts.group("adm")).hasValue(4);
        assertThat(accounts.group("99")).hasValue(99);
        assertThat(accounts.group("none")).isEmpty();
        assertThat(accounts.groups(accounts.user("web").orElseThrow(), 1002)).isEqualTo(List.of(1002, 4, 5));
        assertThat(accounts.groups(accounts.user("4711").orElseThrow(), 9)).isEqualTo(List.of(9));
    }

    @Test
    void knowsOnlyNumbersWhereThereAreNoFiles() {
        var accounts = new Accounts(directory.resolve("none"), directory.resolve("none"));

        assertThat(accounts.user("root")).isEmpty();
        assertThat(accounts.user("0").map(Accounts.User::uid)).contains(0);
        assertThat(accounts.group("root")).isEmpty();
    }
}
