# Flags for every target: warnings are errors, hardening is on, assertions of the standard library too.
add_library(sluice_flags INTERFACE)
target_include_directories(sluice_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(sluice_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
  -Wunused -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum
  -fno-omit-frame-pointer -fstack-protector-strong -fstack-clash-protection -fcf-protection)
target_compile_definitions(sluice_flags INTERFACE
  _GLIBCXX_ASSERTIONS BOOST_ASIO_NO_DEPRECATED BOOST_ALL_NO_LIB)
target_link_options(sluice_flags INTERFACE -Wl,-z,relro,-z,now)

if(NOT SLUICE_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(sluice_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False positives of gcc 12 at -O2 inside the standard library (GCC PR105329, PR105651).
  target_compile_options(sluice_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
  if(SLUICE_SANITIZE)
    target_compile_options(sluice_flags INTERFACE -Wno-stringop-overflow -Wno-array-bounds)
  endif()
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # gcc has it by default in C++14 and later; clang 14 does not.
  target_compile_options(sluice_flags INTERFACE -fsized-deallocation)
  # The constants of the pairing's field are derived while compiling; gcc's own limit suffices for them.
  target_compile_options(sluice_flags INTERFACE -fconstexpr-steps=100000000)
endif()
if(SLUICE_SANITIZE)
  target_compile_options(sluice_flags INTERFACE -fsanitize=${SLUICE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(sluice_flags INTERFACE -fsanitize=${SLUICE_SANITIZE})
endif()
if(SLUICE_COVERAGE)
  target_compile_options(sluice_flags INTERFACE --coverage -O0)
  target_link_options(sluice_flags INTERFACE --coverage)
endif()

find_program(SLUICE_CCACHE ccache)
if(SLUICE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SLUICE_CCACHE})
endif()
find_program(SLUICE_MOLD mold)
if(SLUICE_MOLD AND NOT SLUICE_COVERAGE)
  target_link_options(sluice_flags INTERFACE -fuse-ld=mold)
endif()
