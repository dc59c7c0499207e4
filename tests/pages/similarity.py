"""Structural similarity of two grey pictures (Wang, Bovik, Sheikh, Simoncelli: "Image quality assessment", 2004): the
mean over all places of what a window of 11 x 11 pixels, weighted by a Gaussian of 1.5 pixels, says. 1 is the same."""

import numpy

REACH, SIGMA = 5, 1.5
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def smoothed(picture):
    weights = numpy.exp(-numpy.arange(-REACH, REACH + 1) ** 2 / (2 * SIGMA ** 2))
    weights /= weights.sum()
    for axis in (0, 1):
        length = picture.shape[axis] - 2 * REACH
        picture = sum(weight * numpy.take(picture, range(i, i + length), axis) for i, weight in enumerate(weights))
    return picture


def similarity(a, b):
    a, b = a.astype(numpy.float32), b.astype(numpy.float32)
    mean_a, mean_b = smoothed(a), smoothed(b)
    spread_a = smoothed(a * a) - mean_a ** 2
    spread_b = smoothed(b * b) - mean_b ** 2
    common = smoothed(a * b) - mean_a * mean_b
    local = ((2 * mean_a * mean_b + C1) * (2 * common + C2)
             / ((mean_a ** 2 + mean_b ** 2 + C1) * (spread_a + spread_b + C2)))
    return float(local.mean())


def grey(image, height):
    return numpy.asarray(image.convert("L"))[:height]


def likeness(image, other):
    """Over the height that both have: as they are, and four pixels in one, where layout counts and letters do not."""
    height = min(image.height, other.height)
    fine = similarity(grey(image, height), grey(other, height))
    small = [picture.crop((0, 0, picture.width, height)).convert("L").reduce(4) for picture in (image, other)]
    coarse = similarity(*(numpy.asarray(picture) for picture in small))
    return fine, coarse
