"""The procedure as versioned data: categories, levels, targets, control points, numbering."""
