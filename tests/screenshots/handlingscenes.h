#pragma once

#include "scene.h"

/// Conversations, folders in folders, searches and their hits, quick filters, tags, the order of a narrow
/// list, and rules, over the mail of the mailbox.
void shootHandling(const Stage &stage, Scene &scene);
