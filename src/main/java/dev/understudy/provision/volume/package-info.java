/** Which volumes of a machine hold a database cluster, compared with those that somebody is going to snapshot. */
@NullMarked
package dev.understudy.provision.volume;

import org.jspecify.annotations.NullMarked;
