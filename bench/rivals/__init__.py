"""The same board done in other ways: what our figures stand beside. `bench/notes/compare.md` says what each is."""
