package dev.understudy.transfer;

import dev.understudy.transfer.files.TargetInventory;
import java.util.List;

/**
 * What a copy did.
 *
 * @param via the route: local, ssh or sql
 * @param workers units worked on at once
 * @param files files that the target has from this copy, without pg_control
 * @param bytesTotal size of all files of the source as listed
 * @param bytesTransferred bytes written to the target
 * @param pagesChecked pages whose checksum was looked at
 * @param pageChecksumFailures pages found corrupt; 0 in a copy that ended well, as one is enough to fail it
 * @param pagesNotChecked pages with a checksum that the target had already, equal by digest to the source's, so that
 *     neither side's bytes were read by this process; 0 in a full copy
 * @param seconds how long it took, the final flush included
 * @param warnings whole sentences
 * @param inventory what the target has, for checking it again and for its manifest
 */
public record CopyReport(
        String via,
        int workers,
        int files,
        long bytesTotal,
        long bytesTransferred,
        long pagesChecked,
        long pageChecksumFailures,
        long pagesNotChecked,
        double seconds,
        List<String> warnings,
        TargetInventory inventory) {
    public CopyReport {
        warnings = List.copyOf(warnings);
    }
}
