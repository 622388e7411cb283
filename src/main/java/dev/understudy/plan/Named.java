package dev.understudy.plan;

/** Types that name a place or a thing. */
sealed interface Named extends ParameterType
        permits Places.AbsolutePath,
                Places.AbsolutePaths,
                Places.HostAddress,
                Places.SlotName,
                Places.Names,
                Places.VolumeNames {}
