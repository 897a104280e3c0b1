"""What the house says of malloc is so: without being told, a process keeps the memory of a password's hash for good."""

import subprocess
import sys

import pytest

HASH_TWICE = """
import asyncio
from app import allocator, passwords

def resident():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS:")) * 1024

if {settled}:
    allocator.settle()
before = resident()
kept = []
for _ in range(2):
    asyncio.run(passwords.hash("correct horse battery staple"))
    kept.append(bytearray(4096))
allocator.give_back()
print(resident() - before)
"""
HASH = 19_456 * 1024
"""Bytes that one takes."""


@pytest.mark.parametrize("settled", [True, False])
def test_the_memory_of_a_hash_goes_back_only_when_malloc_is_told(settled: bool):
    code = HASH_TWICE.format(settled=settled)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (int(done.stdout) < HASH // 4) is settled
