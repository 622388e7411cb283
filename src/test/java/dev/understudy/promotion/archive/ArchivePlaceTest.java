package dev.understudy.promotion.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.promotion.archive.ArchivePlace.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands say of where WAL goes; none of them is run. */
final class ArchivePlaceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                                        | NONE       | ``                  | ``",
                "(disabled)                                                | NONE       | ``                  | ``",
                "/bin/true                                                 | DISCARDS   | /bin/true           | ``",
                ":                                                         | DISCARDS   | :                   | ``",
                "exit 0                                                    | DISCARDS   | exit                | ``",
                "cp %p /mnt/archive/%f                                     | DIRECTORY  | cp                  | /mnt/archive",
                "test ! -f /a b/%f && cp %p /arc/%f                        | DIRECTORY  | test                | /arc",
                "test ! -f '/a b/%f' && cp %p '/a b/%f'                    | DIRECTORY  | test                | /a b",
                "gzip < %p > /arc/%f.gz                                    | DIRECTORY  | gzip                | /arc",
                "cp %p /arc/                                               | DIRECTORY  | cp                  | /arc",
                "cp %p ../arc/%f                                           | DIRECTORY  | cp                  | ../arc",
                "rsync -a %p backup:/arc/%f                                | OTHER_HOST | rsync               | ``",
                "scp %p barman@backup:incoming/%f                          | OTHER_HOST | scp                 | ``",
                "pgbackrest --stanza=main archive-push %p                  | TOOL       | pgbackrest          | ``",
                "barman-wal-archive backup main %p                         | TOOL       | barman-wal-archive  | ``",
                "envdir /etc/wal-g /usr/local/bin/wal-g wal-push %p        | TOOL       | /usr/local/bin/wal-g| ``",
                "AWS_REGION=x sudo -u x /opt/archive.sh %p                 | PROGRAM    | ``                  | ``",
                "/opt/archive.sh %p %f                                     | PROGRAM    | /opt/archive.sh     | ``",
            })
    void aCommandTellsItsPlace(String command, Kind kind, String program, String directory) {
        assertThat(ArchivePlace.of(command)).isEqualTo(new ArchivePlace(kind, program, directory));
    }
}
