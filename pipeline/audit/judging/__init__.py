"""Are the filters right? People judge records without knowing what a filter said of them."""
