#pragma once

/// The four ports: all that is uncertain reaches the library through them.
#include "ports/clock.hpp"
#include "ports/entropy.hpp"
#include "ports/environment.hpp"
#include "ports/file_system.hpp"
#include "ports/host.hpp"
