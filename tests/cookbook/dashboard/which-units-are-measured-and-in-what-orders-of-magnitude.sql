-- metricGroups (totalCount)
SELECT count(*) FROM (SELECT unit FROM metric GROUP BY unit HAVING count(*) >= 4) AS often;

-- metricGroups.nodes (key.unit, count, values.known, values.sum, values.avg, values.min, values.max, values.median)
WITH ordered AS (
    SELECT
        unit, value_micro / 1000000.0 AS value,
        row_number() OVER (PARTITION BY unit ORDER BY value_micro) AS place,
        count(*) OVER (PARTITION BY unit) AS n
    FROM metric
)
SELECT
    unit, count(*), count(*), sum(value), avg(value), min(value), max(value),
    avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN value END)
FROM ordered
GROUP BY unit
HAVING count(*) >= 4
ORDER BY count(*) DESC, unit;
