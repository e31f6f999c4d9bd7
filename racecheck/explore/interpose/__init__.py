"""Where agents come to a stand: one file a library; each has `install(patches, controller)`."""
