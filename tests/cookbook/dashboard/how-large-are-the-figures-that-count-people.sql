-- metrics.aggregate (count, values.known, values.sum, values.avg, values.min, values.max, values.median)
WITH ordered AS (
    SELECT
        value_micro / 1000000.0 AS value,
        row_number() OVER (ORDER BY value_micro) AS place,
        count(*) OVER () AS n
    FROM metric WHERE unit = 'personne' AND NOT is_target
)
SELECT
    count(*), count(*), sum(value), avg(value), min(value), max(value),
    (SELECT avg(value) FROM ordered WHERE place IN ((n + 1) / 2, (n + 2) / 2))
FROM ordered;
