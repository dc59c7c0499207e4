#pragma once

#include "scene.h"

/// The windows that mail is read in, over the messages of tests/screenshots/reading/ and some of
/// tests/pages/.
void shootReading(const Stage &stage, Scene &scene);
