// Stands for framer-motion, of which GraphiQL uses `Reorder` alone, to drag tabs: a tenth of the
// bundle. Tabs stay where they are instead.
import { forwardRef } from 'react';

const Group = forwardRef(({ axis, values, onReorder, ...rest }, ref) => <ul {...rest} ref={ref} />);
const Item = forwardRef(({ value, dragElastic, ...rest }, ref) => <li {...rest} ref={ref} />);

export const Reorder = { Group, Item };
