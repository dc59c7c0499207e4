#pragma once

#include "scene.h"

/// Conversations, folders in folders, searches that are places, and rules, over the mail of the mailbox.
void shootHandling(const Stage &stage, Scene &scene);
