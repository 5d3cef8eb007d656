"""Pictures of strangers, of pixels and of shapes, made safe and plain."""
