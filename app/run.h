#pragma once

namespace glasspost::app {

/// The whole program: understands the arguments, runs the command or the window, gives the exit code.
int run(int argc, char *argv[]);

} // namespace glasspost::app
