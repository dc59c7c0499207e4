#pragma once

#include "scene.h"

/// A delivery beside another, from the message in Sent that is open with its Delivery tab; then two sessions.
void shootComparisons(const Stage &stage, Scene &scene);
