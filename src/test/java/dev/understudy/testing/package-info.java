/** What tests of every room share: real servers, unpacked from the published binaries. */
@NullMarked
package dev.understudy.testing;

import org.jspecify.annotations.NullMarked;
