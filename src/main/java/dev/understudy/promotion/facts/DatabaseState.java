package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;
import dev.understudy.server.check.Integrity.Damage;
import dev.understudy.server.check.Integrity.InvalidIndex;
import java.util.List;

/**
 * What one database of the standby holds, looked at from inside.
 *
 * @param name the database's
 * @param relations number of its permanent relations with files
 * @param hollow relations that the catalog knows to hold something and whose file is empty or missing
 * @param cutShort tables whose file ends before rows that the primary shows
 * @param shorter relations whose file has far fewer pages than the catalog counts; not known where {@code cutShort} is
 * @param invalidIndexes indexes that are not valid or not ready
 * @param catalogRows how many rows of the system catalogs were read with every column
 * @param catalogDamage catalogs that could not be read to their end
 * @param examined what amcheck and pg_visibility looked at
 */
public record DatabaseState(
        String name,
        Known<Long> relations,
        Known<List<String>> hollow,
        Known<List<String>> cutShort,
        Known<List<String>> shorter,
        Known<List<InvalidIndex>> invalidIndexes,
        Known<Long> catalogRows,
        List<Damage> catalogDamage,
        Known<Examined> examined) {
    public DatabaseState {
        catalogDamage = List.copyOf(catalogDamage);
    }

    /**
     * What extensions looked at.
     *
     * @param indexes how many indexes amcheck checked
     * @param tables how many tables amcheck checked
     * @param counts of how many tables the rows were counted twice, by an index and by the table's pages
     * @param maps how many visibility maps were held against their tables
     * @param damage what they found
     * @param notChecked what could not be looked at, and why
     */
    public record Examined(
            long indexes, long tables, long counts, long maps, List<Damage> damage, List<Damage> notChecked) {
        public Examined {
            damage = List.copyOf(damage);
            notChecked = List.copyOf(notChecked);
        }
    }
}
