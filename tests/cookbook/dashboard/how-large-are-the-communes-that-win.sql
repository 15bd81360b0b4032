-- collectivityGroups.nodes (key.populationClass, count, share)
WITH classed AS (
    SELECT
        CASE
            WHEN population < 2000 THEN 1
            WHEN population < 10000 THEN 2
            WHEN population < 50000 THEN 3
            WHEN population < 200000 THEN 4
            WHEN population >= 200000 THEN 5
        END AS class
    FROM collectivity
    WHERE kind = 'COMMUNE' AND id IN (SELECT collectivity_id FROM laureate)
)
SELECT
    CASE class
        WHEN 1 THEN 'UNDER_2000'
        WHEN 2 THEN 'FROM_2000_TO_9999'
        WHEN 3 THEN 'FROM_10000_TO_49999'
        WHEN 4 THEN 'FROM_50000_TO_199999'
        WHEN 5 THEN 'FROM_200000'
    END,
    count(*), count(*) * 1.0 / sum(count(*)) OVER ()
FROM classed
GROUP BY class
ORDER BY class NULLS LAST;
