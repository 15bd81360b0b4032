-- categories (totalCount)
SELECT count(*) FROM category AS t
WHERE (SELECT count(*) FROM award AS a WHERE a.category_id = t.id) >= 9;

-- categories.nodes (slug, label, labelEn, awards.totalCount)
SELECT t.slug, t.label_fr, t.label_en, count(*) AS n
FROM category AS t
JOIN award AS a ON a.category_id = t.id
GROUP BY t.id, t.slug, t.label_fr, t.label_en
HAVING count(*) >= 9
ORDER BY n DESC, t.slug;
