package dev.understudy.promotion.facts;

/**
 * A sign that something manages the standby, and would promote it or keep it from being promoted.
 *
 * @param manager which
 * @param source where it was seen
 * @param detail what was seen
 * @param live whether it is at work on this very server; a file or a program on the same host may be of another
 */
public record ManagerSign(Manager manager, String source, String detail, boolean live) {
    /** What is known to manage clusters, with the words by which it is known and its own way to promote. */
    public enum Manager {
        PATRONI("Patroni", "patroni", "patronictl switchover; or, if the primary is gone: patronictl failover"),
        REPMGR("repmgr", "repmgr", "repmgr standby switchover; or, if the primary is gone: repmgr standby promote"),
        PG_AUTO_FAILOVER("pg_auto_failover", "pgautofailover", "pg_autoctl perform switchover, or perform failover"),
        STOLON("Stolon", "stolon", "stolonctl failkeeper KEEPER");

        private final String title;
        private final String word;
        private final String command;

        Manager(String title, String word, String command) {
            this.title = title;
            this.word = word;
            this.command = command;
        }

        public String title() {
            return title;
        }

        /** What its sessions, roles and libraries have in their names, lower case. */
        public String word() {
            return word;
        }

        /** Its own way to promote a standby. */
        public String command() {
            return command;
        }
    }
}
