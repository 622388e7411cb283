/** Why a standby, a slot or an archive is not well, and the cheapest legal way out. */
@NullMarked
package dev.understudy.doctor;

import org.jspecify.annotations.NullMarked;
