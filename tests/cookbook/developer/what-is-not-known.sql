-- levels (totalCount)
SELECT count(*) FROM award WHERE level = 'UNKNOWN';

-- launches (totalCount)
SELECT count(*) FROM initiative WHERE launched_on IS NULL;

-- titles (totalCount)
SELECT count(*) FROM initiative WHERE title_is_descriptive;

-- populations (totalCount)
SELECT count(*) FROM collectivity WHERE kind = 'COMMUNE' AND population IS NULL;
