package dev.understudy.server.privileges;

import static dev.understudy.postgres.ServerMajor.V10;
import static dev.understudy.postgres.ServerMajor.V11;
import static dev.understudy.postgres.ServerMajor.V12;
import static dev.understudy.postgres.ServerMajor.V15;
import static dev.understudy.postgres.ServerMajor.V17;
import static dev.understudy.postgres.ServerMajor.V9_6;

import dev.understudy.postgres.ServerMajor;
import dev.understudy.server.Session;
import dev.understudy.server.facts.AccessFacts;
import dev.understudy.server.facts.Role;
import dev.understudy.server.privileges.Privilege.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which privileges each operation takes on each major, for a role that is no superuser. Before 11 the functions that read
 * files check for a superuser themselves, so that no grant helps there.
 */
public final class RequiredPrivileges {
    private static final List<Privilege> ROWS = List.of(
            membership(Operation.INSPECT, V10, "pg_monitor"),
            standard(Operation.INSPECT, V9_6, null, "pg_control_system()"),
            standard(Operation.INSPECT, V9_6, null, "pg_control_checkpoint()"),
            standard(Operation.INSPECT, V9_6, null, "pg_control_recovery()"),
            standard(Operation.INSPECT, V9_6, null, "pg_control_init()"),
            function(Operation.READ_HBA, V10, null, "pg_hba_file_rules()"),
            attribute(Operation.LIST_WAL, V9_6, V10, "SUPERUSER"),
            function(Operation.LIST_WAL, V10, null, "pg_ls_waldir()"),
            attribute(Operation.SLOT, V9_6, null, "REPLICATION"),
            standard(Operation.SLOT, V9_6, V10, "pg_create_physical_replication_slot(name, boolean)"),
            standard(Operation.SLOT, V10, null, "pg_create_physical_replication_slot(name, boolean, boolean)"),
            standard(Operation.SLOT, V11, null, "pg_replication_slot_advance(name, pg_lsn)"),
            standard(Operation.SLOT, V12, null, "pg_copy_physical_replication_slot(name, name)"),
            standard(Operation.SLOT, V9_6, null, "pg_drop_replication_slot(name)"),
            function(Operation.BACKUP, V9_6, V15, "pg_start_backup(text, boolean, boolean)"),
            function(Operation.BACKUP, V9_6, V10, "pg_stop_backup(boolean)"),
            function(Operation.BACKUP, V10, V15, "pg_stop_backup(boolean, boolean)"),
            function(Operation.BACKUP, V15, null, "pg_backup_start(text, boolean)"),
            function(Operation.BACKUP, V15, null, "pg_backup_stop(boolean)"),
            standard(Operation.BACKUP, V9_6, null, "pg_control_checkpoint()"),
            attribute(Operation.SQL_COPY, V9_6, V11, "SUPERUSER"),
            function(Operation.SQL_COPY, V11, null, "pg_ls_dir(text, boolean, boolean)"),
            function(Operation.SQL_COPY, V11, null, "pg_stat_file(text, boolean)"),
            function(Operation.SQL_COPY, V11, null, "pg_read_binary_file(text, bigint, bigint, boolean)"),
            attribute(Operation.STREAM_WAL, V9_6, null, "REPLICATION"),
            standard(Operation.CANARY, V9_6, V17, "pg_logical_emit_message(boolean, text, text)"),
            standard(Operation.CANARY, V17, null, "pg_logical_emit_message(boolean, text, text, boolean)"),
            function(Operation.SWITCH_WAL, V9_6, V10, "pg_switch_xlog()"),
            function(Operation.SWITCH_WAL, V10, null, "pg_switch_wal()"),
            function(Operation.RESTORE_POINT, V9_6, null, "pg_create_restore_point(text)"),
            attribute(Operation.CHECKPOINT, V9_6, V15, "SUPERUSER"),
            membership(Operation.CHECKPOINT, V15, "pg_checkpoint"));

    private RequiredPrivileges() {}

    private static Privilege function(
            Operation operation, ServerMajor since, @Nullable ServerMajor until, String signature) {
        return new Privilege(operation, since, until, Kind.FUNCTION, signature, false);
    }

    private static Privilege standard(
            Operation operation, ServerMajor since, @Nullable ServerMajor until, String signature) {
        return new Privilege(operation, since, until, Kind.FUNCTION, signature, true);
    }

    private static Privilege membership(Operation operation, ServerMajor since, String role) {
        return new Privilege(operation, since, null, Kind.MEMBERSHIP, role, false);
    }

    private static Privilege attribute(
            Operation operation, ServerMajor since, @Nullable ServerMajor until, String attribute) {
        return new Privilege(operation, since, until, Kind.ATTRIBUTE, attribute, false);
    }

    /** All that the operations take on a major, those that every role has by default included. */
    public static List<Privilege> of(ServerMajor major, Collection<Operation> operations) {
        return ROWS.stream()
                .filter(row -> operations.contains(row.operation()) && row.appliesTo(major))
                .toList();
    }

    /** The statements that make a new role able to do the operations, on a server where nothing was revoked. */
    public static List<String> grants(ServerMajor major, Collection<Operation> operations, String role) {
        return statements(
                of(major, operations).stream()
                        .filter(privilege -> !privilege.byDefault())
                        .toList(),
                role);
    }

    /** The statements that give the session's role what it lacks for the operations; none if it lacks nothing. */
    public static List<String> missing(Session session, Collection<Operation> operations) {
        AccessFacts access = new AccessFacts(session);
        Role role = access.currentRole();
        if (role.superuser()) {
            return List.of();
        }
        List<Privilege> missing = of(session.major(), operations).stream()
                .filter(privilege -> !has(access, role, privilege))
                .toList();
        return statements(missing, role.name());
    }

    private static boolean has(AccessFacts access, Role role, Privilege privilege) {
        return switch (privilege.kind()) {
            case FUNCTION -> access.mayExecute(privilege.name());
            case MEMBERSHIP -> access.isMemberOf(privilege.name());
            case ATTRIBUTE -> privilege.name().equals("REPLICATION") && role.replication();
        };
    }

    private static List<String> statements(List<Privilege> privileges, String role) {
        Set<String> statements = new LinkedHashSet<>();
        privileges.forEach(privilege -> statements.add(privilege.statement(role)));
        return new ArrayList<>(statements);
    }
}
