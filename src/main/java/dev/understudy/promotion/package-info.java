/** Whether a standby would become a good primary: the catalogue of checks, and the verdict. */
@NullMarked
package dev.understudy.promotion;

import org.jspecify.annotations.NullMarked;
