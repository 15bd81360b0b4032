-- initiative.sources (url, awards.totalCount, initiatives.totalCount, metrics.totalCount)
SELECT
    s.url,
    (SELECT count(*) FROM award AS a WHERE a.source_id = s.id),
    (SELECT count(*) FROM initiative_source AS o WHERE o.source_id = s.id),
    (SELECT count(*) FROM metric AS m WHERE m.source_id = s.id AND m.unit = 'EUR')
FROM initiative AS i
JOIN initiative_source AS x ON x.initiative_id = i.id
JOIN source AS s ON s.id = x.source_id
WHERE i.slug = 'gers-budget-participatif'
ORDER BY s.key;
