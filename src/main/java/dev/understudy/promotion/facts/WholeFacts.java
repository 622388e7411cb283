package dev.understudy.promotion.facts;

import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.postgres.Known;
import java.util.List;

/**
 * What decides whether the standby is whole.
 *
 * @param before pg_control through SQL before the file was read
 * @param file pg_control as the file has it
 * @param after pg_control through SQL after the file was read
 * @param databases what each database holds
 * @param pages the reading of the data files
 */
public record WholeFacts(
        Known<ControlSample> before,
        Known<ControlFile> file,
        Known<ControlSample> after,
        Known<List<DatabaseState>> databases,
        Known<PageState> pages) {}
