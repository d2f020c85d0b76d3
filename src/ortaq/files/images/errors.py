# SPDX-License-Identifier: Apache-2.0
"""Why an image is not drawn as it was asked for."""

from ortaq.core.errors import N_, OrtaqError


class RegionMalformed(OrtaqError):
    code, status = "image.region-malformed", 400
    say = N_("'%(region)s' is no region. Write full, square, x,y,w,h in pixels, or pct:x,y,w,h.")


class RegionEmpty(OrtaqError):
    code, status = "image.region-empty", 400
    say = N_(
        "The region %(region)s has no pixel of the image, which is %(width)s × %(height)s. Choose one that lies within it."
    )


class SizeMalformed(OrtaqError):
    code, status = "image.size-malformed", 400
    say = N_("'%(size)s' is no size. Write max, w,h, w,, ,h, pct:n or !w,h, each also with ^ in front to enlarge.")


class SizeEnlarges(OrtaqError):
    code, status = "image.size-enlarges", 400
    say = N_(
        "The size %(size)s is larger than the region, which has %(width)s × %(height)s pixels. "
        "Put ^ in front to have it enlarged."
    )


class SizeBeyondLimits(OrtaqError):
    code, status = "image.size-beyond-limits", 400
    say = N_(
        "The size %(size)s would give an image of %(width)s × %(height)s pixels; at most %(side)s a side and "
        "%(area)s in all are drawn. Ask for less, or for parts."
    )


class RotationMalformed(OrtaqError):
    code, status = "image.rotation-malformed", 400
    say = N_("'%(rotation)s' is no rotation. Write degrees from 0 to 360, with ! in front to mirror first.")


class QualityUnknown(OrtaqError):
    code, status = "image.quality-unknown", 400
    say = N_("There is no quality '%(quality)s'. Choose one of: %(known)s.")


class FormatUnknown(OrtaqError):
    code, status = "image.format-unknown", 400
    say = N_("Images are not given in the format '%(format)s'. Choose one of: %(known)s.")


class ImageInPreparation(OrtaqError):
    code, status = "image.in-preparation", 503
    say = N_(
        "The image is large and is being prepared for viewing, which is done once. Ask again in %(seconds)s seconds."
    )
