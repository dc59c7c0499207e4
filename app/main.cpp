#include "app/run.h"

int main(int argc, char *argv[])
{
    return glasspost::app::run(argc, argv);
}
