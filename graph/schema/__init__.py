"""The public contract: types, inputs, edges and the schema that is built of them."""
